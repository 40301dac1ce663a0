from fastapi import APIRouter, Response

router = APIRouter(tags=["health"])


@router.get("/healthz")
@router.head("/healthz")
def health() -> Response:
    return Response(status_code=204)
