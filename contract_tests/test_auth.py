"""Who may call: 401 or 403 for anyone else, and nothing of it in the answer."""

import pytest

from contract_tests.target import LINK, OPERATIONS, SYNC, Operation, Target

BODIES = {
    LINK: {"dataType": "ENGAGEMENT", "id": "contract-test-unknown"},
    SYNC: {"externalId": "contract-test-auth"},
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("kind", ["absent", "empty", "wrong", "the other operation's", "in the other's header"])
def test_only_its_own_token_opens_an_operation(target: Target, operation: Operation, kind: str) -> None:
    other = SYNC if operation is LINK else LINK
    token, others = (target.variables[each.token_variable] for each in (operation, other))
    headers = {
        "absent": {},
        "empty": operation.credentials(""),
        "wrong": operation.credentials("contract-test-wrong"),
        "the other operation's": operation.credentials(others),
        "in the other's header": other.credentials(token),
    }[kind]

    response = target.send(operation, BODIES[operation], recording="contract-test-unknown", headers=headers)

    assert response.status_code in (401, 403), f"a token that is {kind} is answered {response.status_code}"
    assert token not in response.text
    assert others not in response.text
