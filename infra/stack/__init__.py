"""The one-machine stack: set-up, PostgreSQL, the processes, and the commands of ./nuoxing.

Standard library only, so that set-up runs under a bare Python and the supervisor starts at once and depends on nothing
it installs. Two modules are programs of their own, run as children inside the virtual environment, and may import what
is there: `database` (psycopg, pgmq) and `messages` (babel).
"""
