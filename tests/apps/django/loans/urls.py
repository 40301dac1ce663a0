from django.urls import path

from loans import views

app_name = "loans"
base = "<int:loan_id>"

urlpatterns = [
    path("", views.LoanListView.as_view(), name="list"),
    path(f"{base}/return/", views.give_back, name="return"),
    path("overdue", views.LoanViews.as_view({"get": "overdue"})),
]
