"""Small servers the tests send requests to; they listen on 127.0.0.1 and a free port."""
