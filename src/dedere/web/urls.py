"""Every address of the office. One word leads from an address to its view, template and test."""

from __future__ import annotations

from django.urls import include, path

from dedere.web.cases import today
from dedere.web.system import account, second_factor, sign_in, tokens

urlpatterns = [
    path("", today.today, name="today"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/second/", second_factor.prove, name="second-factor"),
    path("sign-in/<slug:token>/", sign_in.sign_in_by_link, name="sign-in-link"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("language/", sign_in.choose_language, name="language"),
    path("account/", account.account, name="account"),
    path("account/mail/", account.choose_mail, name="mail"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/remove/", tokens.remove_token, name="remove-token"),
    path("account/", include("dedere.web.system.passkey_urls")),
    path("cases/", include("dedere.web.cases.urls")),
    path("requests/", include("dedere.web.requests.urls")),
    path("messages/", include("dedere.web.messages.urls")),
    path("evidence/", include("dedere.web.evidence.urls")),
    path("documents/", include("dedere.web.documents.urls")),
    path("persons/", include("dedere.web.persons.urls")),
    path("law/", include("dedere.web.law.urls")),
    path("register/", include("dedere.web.register.urls")),
    path("statistics/", include("dedere.web.statistics.urls")),
    path("system/", include("dedere.web.system.urls")),
    path("api/1/", include("dedere.web.api.urls")),
]

handler400 = "dedere.web.components.faults.bad_request"
handler403 = "dedere.web.components.faults.forbidden"
handler404 = "dedere.web.components.faults.not_found"
handler500 = "dedere.web.components.faults.fault"
