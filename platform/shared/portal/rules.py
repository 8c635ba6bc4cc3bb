"""Permission to open each role's home; pure predicates."""

from kernel import access
from shared.identity.states import Role

regulates = access.role(Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.INSPECTOR)
operates = access.role(Role.PLATFORM_OPERATOR)
clerks = access.role(Role.EMPLOYER_CLERK)
