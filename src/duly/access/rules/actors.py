"""How actors are named in the trail."""

SHELL = "shell:"  # begins the name of who acts in a shell, and is no person of ours by itself
SAID = ":"  # stands before a name that the environment says; no user's own name has one


def shell_actor(name: str, said: str = "") -> str:
    """Who acts in a shell: the user of the process, and after it a name that anybody can set.

    >>> shell_actor("ann"), shell_actor("ann", "ann"), shell_actor("ann", "bob")
    ('shell:ann', 'shell:ann', 'shell:ann:bob')
    """
    return f"{SHELL}{name}" if said in ("", name) else f"{SHELL}{name}{SAID}{said}"


def name_in_shell(actor: str) -> str:
    """The user of the process of who acts in a shell, whatever the environment says.

    >>> name_in_shell("shell:ann:bob")
    'ann'
    """
    return actor.removeprefix(SHELL).partition(SAID)[0]


def is_same(one: str, other: str) -> bool:
    """Tell whether two actors are one by their names.

    >>> is_same("Ann@firm.example ", "ann@firm.example")
    True
    """
    return one.strip().casefold() == other.strip().casefold()


def may_be_same(one: str, other: str) -> bool:
    """Tell whether two actors may be one: a name of the shell and one of the web tell no two.

    >>> may_be_same("shell:ann", "bob@firm.example"), may_be_same("shell:ann", "shell:bob")
    (True, False)
    """
    return one.startswith(SHELL) != other.startswith(SHELL)
