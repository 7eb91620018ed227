-- What the service puts in front of a file of sql/queries where whoever asks will wait for less than the five seconds that migration 0001
-- gives every statement of blog_app: the first of these that is not shorter than the rest of the time. It is local to the transaction of
-- the caller, to that of the file, or to a begin and a commit around it. The service cancels the statement itself when the time has come;
-- this is for a server that it cannot reach any more.
set local statement_timeout = '250ms';
set local statement_timeout = '500ms';
set local statement_timeout = '1000ms';
set local statement_timeout = '2000ms';
set local statement_timeout = '3000ms';
set local statement_timeout = '4000ms';
