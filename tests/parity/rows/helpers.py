"""Calls of ``gazu.helpers``."""

from ..plan import row

ROWS = {
    "download_file": row(),
    "normalize_list_of_models_for_links": row(),
    "normalize_model_parameter": row(),
    "sanitize_filename": row(),
    "validate_date_format": row(),
}
