// Fills a form's latitude and longitude with where the phone is, when its owner taps the button.
//
// Nothing is asked of the phone before that. Without a fix the words of the place are enough.

const offer = document.querySelector("[data-here-offer]");
const button = document.querySelector("[data-here-button]");
const fields = ["lat", "lon"].map((name) => document.querySelector(`[data-here="${name}"]`));

function said(text) {
  button.textContent = text;
}

if (offer && button && navigator.geolocation && fields.every(Boolean)) {
  offer.hidden = false;
  button.addEventListener("click", () => {
    said(button.dataset.wait);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fields[0].value = coords.latitude.toFixed(6);
        fields[1].value = coords.longitude.toFixed(6);
        said(button.dataset.done);
      },
      () => said(button.dataset.fail),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}
