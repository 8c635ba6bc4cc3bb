"""Addresses of billing: the window, orders and the till at an institution's host; Stripe's way in at the platform's."""

from django.urls import path

from . import webhooks
from .views import mine, prices, till, window

app_name = "billing"
urlpatterns = [
    path("", window.home, name="home"),
    path("classes/<uuid:class_id>/", window.training_class, name="class"),
    path("receipts/<uuid:payment_id>/", window.receipt, name="receipt-check"),
    path("my/enrolments/<uuid:enrolment_id>/order/", mine.order_new, name="order-new"),
    path("my/enrolments/<uuid:enrolment_id>/withdrawal/", mine.withdrawal, name="withdrawal"),
    path("my/orders/<uuid:order_id>/", mine.order, name="my-order"),
    path("my/orders/<uuid:order_id>/checkout/", mine.checkout, name="checkout"),
    path("my/orders/<uuid:order_id>/return/", mine.come_back, name="return"),
    path("my/payments/<uuid:payment_id>/receipt/", mine.receipt, name="my-receipt"),
    path("staff/prices/", prices.price_list, name="price-list"),
    path("staff/prices/<uuid:price_id>/withdrawal/", prices.withdrawal, name="price-withdrawal"),
    path("staff/classes/<uuid:class_id>/prices/", prices.prices, name="prices"),
    path("staff/classes/<uuid:class_id>/opening/", prices.opening, name="opening"),
    path("staff/enrolments/<uuid:enrolment_id>/order/", till.order_new, name="staff-order-new"),
    path("staff/enrolments/<uuid:enrolment_id>/withdrawal/", till.withdrawal, name="staff-withdrawal"),
    path("staff/orders/", till.orders, name="orders"),
    path("staff/orders/<uuid:order_id>/", till.order, name="order"),
    path("staff/orders/<uuid:order_id>/payments/", till.payments, name="payments"),
    path("staff/payments/<uuid:payment_id>/refunds/", till.refunds, name="refunds"),
    path("staff/payments/<uuid:payment_id>/receipt/", till.receipt, name="receipt"),
]
platform_patterns = [path("stripe/webhook/", webhooks.stripe_event, name="stripe-webhook")]
