"""The dashboard: what happens at a devidp, in a browser, and the buttons that change it.

Owns its pages, and who may see them. Does not own what they change: that is the controller of ``devidp.web.control``.
"""
