from django.contrib import admin
from django.urls import include, path, re_path

from config import views
from members.urls import account_patterns

api = [
    path("", include("library.urls")),
    path("loans/", include("loans.urls", namespace="loans")),
    path("members/", include(("members.urls", "members"))),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", views.health),
    path("api/v1/", include(api)),
    path("account/", include(account_patterns)),
    re_path(r"^docs/(?P<page>[\w-]+)/$", views.docs, name="docs"),
]

urlpatterns += [path("about/", views.About.as_view())]
