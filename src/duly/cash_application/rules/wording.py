def because(payment,payer,chosen): return ()
def against(payment,chosen,refused,rivals): return ()
