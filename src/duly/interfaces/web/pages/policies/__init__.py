"""Dunning policies: what each does step by step, who is under which, and new versions of them.

Purpose: the way of `duly policy` for people who look first.
"""

from django.urls import path

from duly.interfaces.web.pages.policies import choosing, editing, looking

urlpatterns = [
    path("policies/", looking.policies, name="policies"),
    path("policies/edit/", editing.edit, name="policy_edit"),
    path("policies/versions/", looking.versions, name="policy_versions"),
    path("policies/choose/", choosing.choose, name="policy_choose"),
    path("policies/choose/end/", choosing.end, name="policy_choice_end"),
]
