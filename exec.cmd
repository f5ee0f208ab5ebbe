@rem npm start says "exec", a word of the Unix shells, so that signals reach the server and no
@rem shell stands between. Windows finds this file instead, which runs the rest of the line.
@%*
