"""Answers of an institution's home to the platform's."""

from shared.portal.values import todos_there

from .queries import trainee_todos

todos_there.connect()(trainee_todos)
