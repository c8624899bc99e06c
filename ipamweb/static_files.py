"""Static files under names of their content: also those that modules import.

Without it only the module that a page names has such a name, and the modules that it
imports would be taken from a browser's memory after an update.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage


# WhiteNoise ships no types.
class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    support_js_module_import_aggregation = True
