"""A page to practise on, for one person on one computer, and the same as an HTTP interface.

The modules in the order in which they import each other:

- history: what was submitted, in SQLite
- scoring: a scorer that loads in the background and scores one answer after another
- views: what a page shows of a report; charts: of all reports
- requests: bodies and parameters, within limits
- pages, api: what answers a request
- security: who may make one
- app: all of it together; serve: on the loopback interface
"""
