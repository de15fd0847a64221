"""Calls of ``gazu.project_template``."""

from ..plan import row

ROWS = {
    "add_asset_type_to_project_template": row(),
    "add_preview_background_file_to_project_template": row(),
    "add_status_automation_to_project_template": row(),
    "add_task_status_to_project_template": row(),
    "add_task_type_to_project_template": row(),
    "all_asset_types_for_project_template": row(),
    "all_preview_background_files_for_project_template": row(),
    "all_project_templates": row(),
    "all_status_automations_for_project_template": row(),
    "all_task_statuses_for_project_template": row(),
    "all_task_types_for_project_template": row(),
    "apply_project_template": row(),
    "get_project_template": row(),
    "get_project_template_by_name": row(),
    "new_project_template": row(),
    "new_project_template_from_project": row(),
    "remove_asset_type_from_project_template": row(),
    "remove_preview_background_file_from_project_template": row(),
    "remove_project_template": row(),
    "remove_status_automation_from_project_template": row(),
    "remove_task_status_from_project_template": row(),
    "remove_task_type_from_project_template": row(),
    "set_project_template_default_preview_background_file": row(),
    "set_project_template_metadata_descriptors": row(),
    "update_project_template": row(),
}
