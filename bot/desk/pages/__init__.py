"""The pages, a file each: handlers, and their lines of the table as ``ROUTES``."""
