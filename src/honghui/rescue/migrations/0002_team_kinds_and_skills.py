"""The kinds of teams headquarters accredits, and the skills a team says its people have.

Seven kinds; in 2013 communications stood in the list as an eighth. Whoever gives a course of
their own kind of skill adds a row.
"""

from django.apps.registry import Apps
from django.db import migrations

HEADQUARTERS = "中国红十字会总会国家级救援队类别（七类）"
IN_2013 = "gov.cn，2013-10-11（八类，含通讯）"
OURS = "本系统的技能表，可由省会增补"

# code, name, name in English, whether its people are insured before they go, source
KINDS = (
    ("relief", "赈济", "Relief", True, HEADQUARTERS),
    ("medical", "医疗", "Medical", True, HEADQUARTERS),
    ("water_supply", "供水", "Water supply", True, HEADQUARTERS),
    ("public_health", "大众卫生", "Public health", True, HEADQUARTERS),
    ("psychological", "心理", "Psychological support", False, HEADQUARTERS),
    ("search", "搜救", "Search and rescue", True, HEADQUARTERS),
    ("water_rescue", "水上救生", "Water rescue", True, HEADQUARTERS),
    ("communications", "通讯", "Communications", True, IN_2013),
)
# code, name, name in English, needs a certificate, is risky
SKILLS = (
    ("command", "现场指挥", "Command", False, False),
    ("first_aid", "现场急救", "First aid", True, False),
    ("search", "搜索", "Search", False, True),
    ("breaching", "破拆", "Breaching", True, True),
    ("rope", "绳索救援", "Rope rescue", True, True),
    ("swift_water", "激流救援", "Swift water rescue", True, True),
    ("diving", "潜水", "Diving", True, True),
    ("boat", "冲锋舟驾驶", "Boat driver", True, True),
    ("driver_c", "驾驶（C照）", "Driver, cars", True, False),
    ("driver_b", "驾驶（B照）", "Driver, trucks", True, False),
    ("driver_ambulance", "救护车驾驶", "Ambulance driver", True, False),
    ("medic", "医师", "Physician", True, False),
    ("nurse", "护士", "Nurse", True, False),
    ("psychologist", "心理援助", "Psychological support", True, False),
    ("water_treatment", "净水", "Water treatment", False, False),
    ("disinfection", "消杀", "Disinfection", False, False),
    ("radio", "无线电通讯", "Radio", True, False),
    ("drone", "无人机", "Drone pilot", True, False),
    ("logistics", "后勤保障", "Logistics", False, False),
    ("assessment", "灾情评估", "Needs assessment", False, False),
    ("interpreter", "翻译", "Interpreter", False, False),
    ("sign_language", "手语", "Sign language", False, False),
)


def write_down(apps: Apps, schema_editor: object) -> None:
    apps.get_model("rescue", "TeamKind").objects.bulk_create(
        apps.get_model("rescue", "TeamKind")(
            code=code, name=name, name_en=name_en, is_risky=risky, source=source, place=place
        )
        for place, (code, name, name_en, risky, source) in enumerate(KINDS, 1)
    )
    apps.get_model("rescue", "Skill").objects.bulk_create(
        apps.get_model("rescue", "Skill")(
            code=code, name=name, name_en=name_en, needs_certificate=needs, is_risky=risky,
            source=OURS, place=place,
        )
        for place, (code, name, name_en, needs, risky) in enumerate(SKILLS, 1)
    )  # fmt: skip


def take_back(apps: Apps, schema_editor: object) -> None:
    apps.get_model("rescue", "TeamKind").objects.filter(code__in=[one[0] for one in KINDS]).delete()
    apps.get_model("rescue", "Skill").objects.filter(code__in=[one[0] for one in SKILLS]).delete()


class Migration(migrations.Migration):
    dependencies = [("rescue", "0001_initial")]

    operations = [migrations.RunPython(write_down, take_back)]
