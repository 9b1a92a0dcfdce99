"""Every write of accounts: officers and their roles, signing in, second factors, and the browsers they use."""

from dedere.node.accounts.actions.factors import (
    FactorUse,
    add_passkey,
    prove_passkey,
    remove_passkey,
    renew_recovery_codes,
    reset_second_factor,
    spend_recovery_code,
)
from dedere.node.accounts.actions.notices import choose_mail, keep_notices, mark_mailed, see_notices
from dedere.node.accounts.actions.officers import (
    NewOfficer,
    change_password,
    choose_language,
    deactivate_officer,
    invite_officer,
    invite_with_link,
    make_sign_in_link,
    renew_link,
)
from dedere.node.accounts.actions.tokens import LONGEST, Bearer, Scope, bearer_of, make_token, remove_token
from dedere.node.accounts.actions.visits import (
    begin_visit,
    check_password,
    end_other_visits,
    end_visit,
    redeem_link,
)

__all__ = [
    "LONGEST",
    "Bearer",
    "FactorUse",
    "NewOfficer",
    "Scope",
    "add_passkey",
    "bearer_of",
    "begin_visit",
    "change_password",
    "check_password",
    "choose_language",
    "choose_mail",
    "deactivate_officer",
    "end_other_visits",
    "end_visit",
    "invite_officer",
    "invite_with_link",
    "keep_notices",
    "make_sign_in_link",
    "make_token",
    "mark_mailed",
    "prove_passkey",
    "redeem_link",
    "remove_passkey",
    "remove_token",
    "renew_link",
    "renew_recovery_codes",
    "reset_second_factor",
    "see_notices",
    "spend_recovery_code",
]
