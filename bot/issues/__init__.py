"""Action items as issues of GitHub, GitLab and Jira. What is said of their APIs is from memory of their public documentation."""
