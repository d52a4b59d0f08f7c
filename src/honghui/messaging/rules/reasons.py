"""Why a message failed: our own few reasons, whatever words a gateway has for them.

The gateways' words are from their public lists of error codes.
"""

from __future__ import annotations

PATIENCE_OVER = "throttled"
UNKNOWN = "gateway_refused"

_OF_THE_NUMBER = {
    "isv.MOBILE_NUMBER_ILLEGAL": "no_such_number",
    "MOBILE_NOT_ON_SERVICE": "no_such_number",
    "MOBILE_ACCOUNT_ABNORMAL": "no_such_number",
    "MOBILE_TERMINAL_ERROR": "switched_off",
    "MOBILE_SEND_LIMIT": "throttled",
    "MOBILE_IN_BLACK": "blacklist",
    "isv.MOBILE_IN_BLACK": "blacklist",
    "SP_SEND_LIMIT": "throttled",
    "CONTENT_KEYWORD": "words_refused",
    "isv.BLACK_KEY_CONTROL_LIMIT": "words_refused",
    "isv.PARAM_LENGTH_LIMIT": "words_refused",
    "isv.PARAM_NOT_SUPPORT_URL": "words_refused",
    # Calls.
    "200005": "not_answered",
    "200010": "switched_off",
    "200011": "switched_off",
    "200012": "not_answered",
    "200002": "busy",
    "200003": "no_such_number",
    "200004": "no_such_number",
}
_OF_THE_REQUEST = {
    "isv.SMS_TEMPLATE_ILLEGAL": "template_rejected",
    "isv.TEMPLATE_MISSING_PARAMETERS": "template_rejected",
    "isv.TTS_TEMPLATE_ILLEGAL": "template_rejected",
    "isv.SMS_SIGNATURE_ILLEGAL": "sign_rejected",
    "isv.SMS_SIGN_ILLEGAL": "sign_rejected",
    "isv.OUT_OF_SERVICE": "account_problem",
    "isv.AMOUNT_NOT_ENOUGH": "account_problem",
    "isv.PRODUCT_UNSUBSCRIBE": "account_problem",
    "isv.ACCOUNT_ABNORMAL": "account_problem",
    "SignatureDoesNotMatch": "account_problem",
    "InvalidAccessKeyId.NotFound": "account_problem",
}
_OURS = frozenset(
    {"no_account", "no_browser", "push_refused", "voice_unsure", "no_number", "gateway_busy"}
)


def reason_of(told_code: str) -> str:
    """Our reason for a gateway's code."""
    if told_code in _OURS:
        return told_code
    return _OF_THE_NUMBER.get(told_code) or _OF_THE_REQUEST.get(told_code) or UNKNOWN


def is_about_one(told_code: str) -> bool:
    """Whether one message of a batch may be to blame, so that the others deserve another try."""
    return told_code in _OF_THE_NUMBER or told_code == "isv.BUSINESS_LIMIT_CONTROL"
