"""
The columns of the server's records, by model and kind.

The kinds are those of ``query``: which columns the server compares depends on them.
They are taken from Zou 1.0.97. ``tests/server/test_query.py`` compares them with the
records of a real server.
"""

from __future__ import annotations

#: The names of the columns of each kind, separated by spaces. The kinds: ``ids``,
#: ``texts``, ``flags`` and ``numbers`` are compared by the server. ``measures`` (with a
#: fraction), ``dates``, ``choices`` and ``values`` (JSON) are not. ``lists`` are the ids
#: of other records, which the server sends with ``relations`` only.
COLUMNS: dict = {
    "asset-instances": {
        "ids": "asset_id entity_id entity_type_id id scene_id target_asset_id",
        "texts": "description name",
        "flags": "active",
        "numbers": "number",
        "dates": "created_at updated_at",
        "values": "data",
        "lists": "shots",
    },
    "attachment-files": {
        "ids": "chat_message_id comment_id id reply_id",
        "texts": "extension mimetype name",
        "numbers": "size",
        "dates": "created_at updated_at",
    },
    "budget-entries": {
        "ids": "budget_id department_id id person_id",
        "numbers": "months_duration",
        "measures": "daily_salary",
        "dates": "created_at start_date updated_at",
        "choices": "position seniority",
        "values": "exceptions",
    },
    "budgets": {
        "ids": "id project_id",
        "texts": "currency name",
        "numbers": "revision",
        "dates": "created_at updated_at",
    },
    "chat-messages": {
        "ids": "chat_id id person_id",
        "texts": "text",
        "dates": "created_at updated_at",
    },
    "chats": {
        "ids": "id object_id",
        "texts": "object_type",
        "dates": "created_at last_message updated_at",
        "lists": "participants",
    },
    "comments": {
        "ids": "editor_id id object_id person_id preview_file_id task_status_id",
        "texts": "object_type text",
        "flags": "for_client pinned",
        "numbers": "shotgun_id",
        "dates": "created_at updated_at",
        "values": "checklist data links replies",
        "lists": "acknowledgements department_mentions mentions previews",
    },
    "custom-actions": {
        "ids": "id",
        "texts": "entity_type name url",
        "flags": "is_ajax",
        "dates": "created_at updated_at",
    },
    "day-offs": {
        "ids": "id person_id",
        "texts": "description",
        "dates": "created_at date end_date updated_at",
    },
    "departments": {
        "ids": "id",
        "texts": "color name",
        "flags": "archived",
        "dates": "created_at updated_at",
    },
    "entities": {
        "ids": (
            "created_by entity_type_id id parent_id preview_file_id "
            "project_id ready_for source_id"
        ),
        "texts": "code description name",
        "flags": "canceled is_casting_standby is_shared",
        "numbers": "nb_entities_out nb_frames shotgun_id",
        "dates": "created_at updated_at",
        "choices": "status",
        "values": "data",
        "lists": "entities_in entities_out entity_concept_links instance_casting",
    },
    "entity-links": {
        "ids": "entity_in_id entity_out_id id",
        "texts": "label",
        "numbers": "nb_occurences",
        "dates": "created_at updated_at",
        "values": "data",
    },
    "entity-types": {
        "ids": "id",
        "texts": "description name short_name",
        "flags": "archived",
        "dates": "created_at updated_at",
        "lists": "task_types",
    },
    "file-status": {
        "ids": "id",
        "texts": "color name",
        "dates": "created_at updated_at",
    },
    "hardware-items": {
        "ids": "id",
        "texts": "name short_name",
        "flags": "archived",
        "numbers": "inventory_amount monthly_cost",
        "dates": "created_at updated_at",
    },
    "metadata-descriptors": {
        "ids": "id project_id task_type_id",
        "texts": "entity_type field_name name",
        "flags": "for_client",
        "numbers": "position",
        "dates": "created_at updated_at",
        "choices": "data_type",
        "values": "choices",
        "lists": "departments",
    },
    "milestones": {
        "ids": "id project_id task_type_id",
        "texts": "name",
        "dates": "created_at date updated_at",
    },
    "news": {
        "ids": "author_id comment_id id preview_file_id task_id",
        "flags": "change",
        "dates": "created_at updated_at",
    },
    "notifications": {
        "ids": "author_id comment_id id person_id playlist_id reply_id task_id",
        "flags": "change read",
        "dates": "created_at updated_at",
        "choices": "type",
    },
    "organisations": {
        "ids": "id",
        "texts": "chat_token_discord chat_token_slack chat_webhook_mattermost name",
        "flags": (
            "dark_theme_by_default format_duration_in_hours has_avatar "
            "hd_by_default timesheets_locked use_original_file_name"
        ),
        "measures": "hours_by_day",
        "dates": "created_at updated_at",
    },
    "output-files": {
        "ids": (
            "asset_instance_id entity_id file_status_id id output_type_id "
            "person_id source_file_id task_type_id temporal_entity_id"
        ),
        "texts": (
            "checksum comment description extension name path "
            "representation source"
        ),
        "flags": "canceled",
        "numbers": "nb_elements revision shotgun_id size",
        "dates": "created_at updated_at",
        "choices": "quality",
        "values": "data",
    },
    "output-types": {
        "ids": "id",
        "texts": "name short_name",
        "dates": "created_at updated_at",
    },
    "persons": {
        "ids": "id preview_project_id studio_id",
        "texts": (
            "country desktop_login display_date_format first_name "
            "last_name ldap_uid notifications_discord_userid "
            "notifications_mattermost_userid notifications_slack_userid "
            "phone"
        ),
        "flags": (
            "active archived email_otp_enabled fido_enabled has_avatar "
            "is_bot is_generated_from_ldap is_guest "
            "notifications_discord_enabled notifications_enabled "
            "notifications_mattermost_enabled notifications_slack_enabled "
            "totp_enabled use_12_hour_clock"
        ),
        "numbers": "daily_salary shotgun_id",
        "dates": (
            "created_at expiration_date last_presence preview_open_until "
            "preview_opened_at updated_at"
        ),
        "choices": (
            "contract_type email full_name locale position "
            "preferred_two_factor_authentication role seniority timezone"
        ),
        "values": "data",
        "lists": "departments",
    },
    "playlists": {
        "ids": "created_by episode_id id project_id task_type_id",
        "texts": "for_entity name",
        "flags": "for_client is_for_all",
        "dates": "created_at updated_at",
        "values": "shots",
    },
    "preview-background-files": {
        "ids": "id",
        "texts": "extension name original_name",
        "flags": "archived is_default",
        "numbers": "file_size",
        "dates": "created_at updated_at",
    },
    "preview-files": {
        "ids": "id person_id source_file_id task_id",
        "texts": (
            "description extension name original_name path source "
            "uploaded_movie_name uploaded_movie_url url"
        ),
        "flags": "is_movie",
        "numbers": (
            "file_size height position revision shotgun_id token_in "
            "token_out width"
        ),
        "measures": "duration",
        "dates": "created_at updated_at",
        "choices": "status validation_status",
        "values": "annotations data",
        "lists": "comments",
    },
    "project-status": {
        "ids": "id",
        "texts": "color name",
        "dates": "created_at updated_at",
    },
    "project-templates": {
        "ids": "default_preview_background_file_id id",
        "texts": "description fps homepage name production_type ratio resolution",
        "flags": (
            "is_client_stats_visible is_client_task_list_visible "
            "is_client_task_panel_visible is_clients_isolated "
            "is_frame_in_numbering is_preview_download_allowed "
            "is_publish_default_for_artists is_set_preview_automated "
            "is_single_preview_per_revision"
        ),
        "numbers": (
            "hd_bitrate_compression ld_bitrate_compression max_retakes "
            "revision_padding"
        ),
        "dates": "created_at updated_at",
        "choices": "production_style",
        "values": "data file_tree metadata_descriptors",
        "lists": (
            "asset_types preview_background_files status_automations "
            "task_statuses task_types"
        ),
    },
    "projects": {
        "ids": (
            "default_preview_background_file_id from_schedule_version_id "
            "id project_status_id"
        ),
        "texts": "code description fps homepage name production_type ratio resolution",
        "flags": (
            "has_avatar is_bot_collaboration_enabled "
            "is_client_stats_visible is_client_task_list_visible "
            "is_client_task_panel_visible is_clients_isolated "
            "is_frame_in_numbering is_preview_download_allowed "
            "is_publish_default_for_artists is_set_preview_automated "
            "is_single_preview_per_revision"
        ),
        "numbers": (
            "episode_span hd_bitrate_compression ld_bitrate_compression "
            "man_days max_retakes nb_episodes revision_padding shotgun_id"
        ),
        "dates": "created_at end_date start_date updated_at",
        "choices": "production_style",
        "values": "data file_tree",
        "lists": (
            "asset_types preview_background_files status_automations "
            "task_statuses task_types team"
        ),
    },
    "salary-scales": {
        "ids": "department_id id",
        "numbers": "salary",
        "dates": "created_at updated_at",
        "choices": "position seniority",
    },
    "schedule-items": {
        "ids": "id object_id project_id task_type_id",
        "numbers": "man_days",
        "dates": "created_at end_date start_date updated_at",
    },
    "search-filter-groups": {
        "ids": "department_id id person_id project_id",
        "texts": "color entity_type list_type name",
        "flags": "is_shared",
        "dates": "created_at updated_at",
    },
    "search-filters": {
        "ids": "department_id id person_id project_id search_filter_group_id",
        "texts": "entity_type list_type name search_query",
        "flags": "is_shared",
        "dates": "created_at updated_at",
    },
    "softwares": {
        "ids": "id",
        "texts": "file_extension name short_name version",
        "flags": "archived",
        "numbers": "inventory_amount monthly_cost",
        "dates": "created_at updated_at",
        "values": "secondary_extensions",
    },
    "status-automations": {
        "ids": (
            "id in_task_status_id in_task_type_id out_task_status_id "
            "out_task_type_id"
        ),
        "texts": "entity_type",
        "flags": "archived import_last_revision",
        "dates": "created_at updated_at",
        "choices": "out_field_type",
    },
    "studios": {
        "ids": "id",
        "texts": "color name",
        "flags": "archived",
        "dates": "created_at updated_at",
    },
    "subscriptions": {
        "ids": "entity_id id person_id task_id task_type_id",
        "dates": "created_at updated_at",
    },
    "task-status": {
        "ids": "id",
        "texts": "color description name short_name",
        "flags": (
            "archived for_concept is_artist_allowed is_client_allowed "
            "is_default is_done is_feedback_request is_retake is_wip"
        ),
        "numbers": "priority shotgun_id",
        "dates": "created_at updated_at",
    },
    "task-types": {
        "ids": "department_id id",
        "texts": "color description for_entity name short_name",
        "flags": "allow_timelog archived",
        "numbers": "priority shotgun_id",
        "dates": "created_at updated_at",
    },
    "tasks": {
        "ids": (
            "assigner_id entity_id id last_preview_file_id project_id "
            "task_status_id task_type_id"
        ),
        "texts": "description name",
        "numbers": (
            "completion_rate difficulty nb_assets_ready nb_drawings "
            "priority retake_count shotgun_id sort_order"
        ),
        "measures": "duration estimation",
        "dates": (
            "created_at done_date due_date end_date last_comment_date "
            "real_start_date start_date updated_at"
        ),
        "values": "data",
        "lists": "assignees",
    },
    "time-spents": {
        "ids": "id person_id task_id",
        "measures": "duration",
        "dates": "created_at date updated_at",
    },
    "working-files": {
        "ids": "entity_id id person_id software_id task_id",
        "texts": "comment description name path",
        "numbers": "checksum revision shotgun_id size",
        "dates": "created_at updated_at",
        "choices": "validation_status",
        "values": "data",
    },
}
