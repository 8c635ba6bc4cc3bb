"""Forms of policy: fee caps, and the sections of a draft."""

from .caps import CapForm, EndForm
from .desk import ImportForm, ReturnForm
from .sections import Act, act_of, apply_act, section_of

__all__ = ["Act", "CapForm", "EndForm", "ImportForm", "ReturnForm", "act_of", "apply_act", "section_of"]
