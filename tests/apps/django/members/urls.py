from django.contrib.auth.views import LogoutView
from django.urls import path

from . import views

app_name = "members"

account_patterns = [
    path("", views.account),
    path("logout/", LogoutView.as_view()),
]

urlpatterns = [
    path("", views.MemberList.as_view()),
    path("<uuid:pk>/", views.MemberDetail.as_view()),
    path("<uuid:pk>/card.json", views.card),
]
