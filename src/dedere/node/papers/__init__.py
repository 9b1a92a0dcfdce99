"""Paper in the office: requests that came on paper, copies that came back edited, certificates made and signed here."""
