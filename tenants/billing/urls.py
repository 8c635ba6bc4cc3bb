"""Addresses of billing: public page, orders, cashier at an institution's host; Stripe's webhook at the platform's."""

from django.urls import path

from . import webhooks
from .views import cashier, trainee
from .views import prices as price_views
from .views import refunds as refund_views
from .views import storefront as storefront_views

app_name = "billing"
urlpatterns = [
    path("", storefront_views.home, name="home"),
    path("classes/<uuid:class_id>/", storefront_views.training_class, name="class"),
    path("receipts/<uuid:payment_id>/", storefront_views.receipt, name="receipt-check"),
    path("my/enrolments/<uuid:enrolment_id>/order/", trainee.order_new, name="order-new"),
    path("my/enrolments/<uuid:enrolment_id>/withdrawal/", trainee.withdrawal, name="withdrawal"),
    path("my/orders/<uuid:order_id>/", trainee.order, name="my-order"),
    path("my/orders/<uuid:order_id>/checkout/", trainee.checkout, name="checkout"),
    path("my/orders/<uuid:order_id>/return/", trainee.payment_return, name="return"),
    path("my/payments/<uuid:payment_id>/receipt/", trainee.receipt, name="my-receipt"),
    path("staff/prices/", price_views.price_list, name="price-list"),
    path("staff/prices/<uuid:price_id>/withdrawal/", price_views.withdrawal, name="price-withdrawal"),
    path("staff/classes/<uuid:class_id>/prices/", price_views.class_prices, name="prices"),
    path("staff/classes/<uuid:class_id>/opening/", price_views.opening, name="opening"),
    path("staff/enrolments/<uuid:enrolment_id>/order/", cashier.order_new, name="staff-order-new"),
    path("staff/enrolments/<uuid:enrolment_id>/withdrawal/", cashier.withdrawal, name="staff-withdrawal"),
    path("staff/orders/", cashier.order_list, name="orders"),
    path("staff/orders/<uuid:order_id>/", cashier.order, name="order"),
    path("staff/orders/<uuid:order_id>/payments/", cashier.take_payment, name="payments"),
    path("staff/payments/<uuid:payment_id>/refunds/", refund_views.make_refund, name="refunds"),
    path("staff/orders/<uuid:order_id>/closing/", refund_views.closing, name="closing"),
    path("staff/refunds/<uuid:refund_id>/replacement/", refund_views.replacement, name="replacement"),
    path("staff/refunds/<uuid:refund_id>/dismissal/", refund_views.dismissal, name="dismissal"),
    path("staff/payments/<uuid:payment_id>/receipt/", cashier.receipt, name="receipt"),
]
platform_patterns = [path("stripe/webhook/", webhooks.stripe_event, name="stripe-webhook")]
