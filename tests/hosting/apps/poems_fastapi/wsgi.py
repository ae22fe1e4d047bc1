from poems import api

application = api
