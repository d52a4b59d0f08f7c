"""Thin views: who asks, a form or a query, one action, one page.

The pattern, copied everywhere:

    @desk_view
    def register(request: HttpRequest) -> HttpResponse:
        by = actor(request)
        form = PersonForm(request.POST or None, by=by)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                person = register_person(by=by.with_once(form.once_key), **form.values)
                return redirect(person)
        return render(request, "registry/people/register.html", {"form": form}, status=form.status)
"""
