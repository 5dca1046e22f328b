DROP TABLE dispatch_officers;
