"""The demonstration province: data as it really looks, and belonging to nobody."""
