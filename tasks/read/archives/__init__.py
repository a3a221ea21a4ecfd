"""Archives, and the containers that formats come in."""
