"""Calls of ``gazu.person``."""

from ..plan import row
from ..values import special

ROWS = {
    "add_person_to_department": row(),
    "all_departments": row(),
    "all_organisations": row(),
    "all_persons": row(),
    "change_password_for_person": row(),
    "clear_person_avatar": row(),
    "disable_two_factor_authentication": row(),
    "get_all_month_time_spents": row(
        args={"date": special("date", "2024-03-05")},
        extra=[
            ("datetime", {"date": special("datetime", "2024-12-31T01:02:03")})
        ],
    ),
    "get_day_off": row(),
    "get_day_offs": row(),
    "get_department": row(),
    "get_department_by_name": row(),
    "get_month_day_offs": row(),
    "get_organisation": row(),
    "get_person": row(),
    "get_person_by_desktop_login": row(),
    "get_person_by_email": row(),
    "get_person_by_full_name": row(),
    "get_person_url": row(silent=True),
    "get_presence_log": row(),
    "get_time_spents_by_date": row(),
    "get_time_spents_range": row(),
    "get_week_day_offs": row(),
    "get_week_time_spents": row(),
    "get_year_day_offs": row(),
    "get_year_time_spents": row(),
    "invite_person": row(),
    "new_bot": row(),
    "new_day_off": row(),
    "new_department": row(),
    "new_person": row(),
    "remove_bot": row(),
    "remove_day_off": row(),
    "remove_department": row(),
    "remove_person": row(),
    "remove_person_from_department": row(),
    "set_avatar": row(),
    "update_bot": row(),
    "update_day_off": row(),
    "update_department": row(),
    "update_person": row(),
}
