"""A pack's identifier is one province's, and a code is of the land of what stands above it."""

import django.contrib.postgres.constraints
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION policy_keep_land() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NOT NULL AND left(NEW.code, 2) <> (
        SELECT left(above.code, 2) FROM public.policy_authority above WHERE above.id = NEW.parent_id
    ) THEN
        RAISE EXCEPTION 'the code % is another province''s', NEW.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policy_authority_land BEFORE INSERT OR UPDATE ON policy_authority
    FOR EACH ROW EXECUTE FUNCTION policy_keep_land();
"""
BACKWARD = """
DROP TRIGGER policy_authority_land ON policy_authority;
DROP FUNCTION policy_keep_land();
"""


class Migration(migrations.Migration):
    dependencies = [("policy", "0003_held_ends")]
    operations = [
        migrations.AddConstraint(
            model_name="policypack",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="policy_pack_one_province",
                expressions=[
                    (
                        models.Func(
                            models.F("version"), models.Value("@"), models.Value(1), function="split_part"
                        ),
                        "=",
                    ),
                    (models.F("jurisdiction"), "<>"),
                ],
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
