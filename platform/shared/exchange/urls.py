"""Addresses of the outside systems."""

app_name = "exchange"
urlpatterns: list[object] = []
