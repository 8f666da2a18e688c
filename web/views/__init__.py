"""A page is one view here and one template of the same name in templates/pages."""
