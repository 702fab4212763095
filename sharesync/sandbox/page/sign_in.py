"""Google's sign-in as people see it: the choice of an account, and the error page; beside it what machines read."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sharesync.sandbox.errors import ApiError
from sharesync.sandbox.page.views import workspace
from sharesync.sandbox.sign_in import SignInRefused

sign_in = Blueprint("sign_in", __name__, template_folder="templates")

AUTH = "/o/oauth2/v2/auth"


@sign_in.errorhandler(SignInRefused)
def refuse(refusal: SignInRefused) -> ResponseReturnValue:
    """Google's page for a request that it does not send back."""
    return render_template("page/blocked.html", refusal=refusal), refusal.http


@sign_in.errorhandler(ApiError)
def refuse_as_google(refusal: ApiError) -> ResponseReturnValue:
    """A token that is not good."""
    return refusal.body(), refusal.http


@sign_in.get("/.well-known/openid-configuration")
def discovery() -> ResponseReturnValue:
    """What a client needs to know of this provider."""
    return jsonify(workspace().sign_in.discovery(request.host_url.rstrip("/")))


@sign_in.get("/oauth2/v3/certs")
def certificates() -> ResponseReturnValue:
    """The public keys."""
    return jsonify(workspace().sign_in.certificates())


@sign_in.get("/v1/userinfo")
def userinfo() -> ResponseReturnValue:
    """Who an access token speaks for."""
    return jsonify(workspace().sign_in.userinfo(request.headers.get("Authorization", "")))


@sign_in.get(AUTH)
def choose() -> str:
    """The account chooser."""
    provider = workspace().sign_in
    asked = provider.ask(request.args)
    return render_template("page/sign_in.html", users=provider.accounts(), asked=asked, query=request.args)


@sign_in.post(AUTH)
def chosen() -> ResponseReturnValue:
    """Somebody has chosen whom to be, or not to be anyone."""
    provider = workspace().sign_in
    asked = provider.ask(request.form)
    user = request.form.get("user")
    return redirect(provider.grant(asked, user) if user else provider.deny(asked))
