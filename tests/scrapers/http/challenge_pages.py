"""Challenge, captcha, consent and login pages as venues and gateways serve them, and pages that are none.

Written by hand and shortened; FILLER, SOME, TEXT and MANY stand for more or less of other content. Some
challenges show a price, to lead a careless reader astray.
"""

from collections.abc import Mapping
from typing import Final

_TEXT: Final = "Modern Horizons 3 Play Booster Box, 36 packs, sealed, ships in a day. " * 40
_CONTENT: Final = {
    "FILLER": "<!-- " + "x" * 13_000 + " -->",
    "SOME": _TEXT[:600],
    "MANY": f"<p>{_TEXT}</p>" * 40,
    "TEXT": _TEXT,
}

_CHALLENGES: Final = {
    "amazon robot check": (
        "<html><head><title dir='ltr'>Robot Check</title></head><body><h4>Enter the characters "
        "you see below</h4><p>Sorry, we just need to make sure you're not a "
        "robot.</p><span>$19.99</span></body></html>"
    ),
    "amazon captcha form": (
        "<html><head><title>Amazon.com</title></head><body><form method='get' "
        'action="/errors/validateCaptcha"><input name="field-keywords"></form></body></html>'
    ),
    "amazon contact comment": (
        "<!-- To discuss automated access to Amazon data please contact "
        "api-services-support@amazon.com. --><html><head><title>Amazon.de</title></head><body>Tut"
        " uns leid!</body></html>"
    ),
    "amazon image captcha": (
        "<html><title>Amazon.fr</title><img src='https://images-na.ssl-images-amazon.com/captcha/"
        "opfcaptcha/x.jpg'>Saisissez les caractères</html>"
    ),
    "amazon continue shopping": (
        "<html><head><title>Amazon.com</title></head><body><p>Click the button below to continue "
        "shopping</p><button>Continue shopping</button></body></html>"
    ),
    "amazon dogs of 503": (
        "<html><head><title>Sorry! Something went wrong!</title></head><body><img alt='dog'></body></html>"
    ),
    "amazon sign-in": (
        "<html><head><title>Amazon Sign-In</title></head><body><form name='signIn'><input "
        "type='email'></form></body></html>"
    ),
    "amazon sign-in form": (
        '<html><head><title>Your account</title></head><form action="/ap/signin"><input></form></html>'
    ),
    "pardon our interruption 13 kB": (
        "<html><head><title>Pardon Our Interruption...</title></head><body><p>As you were "
        "browsing something about your browser made us think you were a "
        "bot.</p>FILLER</body></html>"
    ),
    "interruption without title": "<html><body><h1>Pardon Our Interruption</h1>FILLER</body></html>",
    "ebay error page": (
        "<html><head><title>Error Page | eBay</title></head><body>Something went wrong</body></html>"
    ),
    "ebay security measure": (
        "<html><head><title>Security Measure | eBay</title></head><body>Please verify yourself "
        "to continue<div id='captcha'></div></body></html>"
    ),
    "ebay splash captcha": (
        "<html><head><title>eBay</title></head><script src='/splashui/captcha/main.js'></script></html>"
    ),
    "ebay sign in": (
        "<html><head><title>Sign in or Register | eBay</title></head><body>Hello $12.00</body></html>"
    ),
    "ebay sign in form": (
        '<html><title>Hello</title><form action="https://signin.ebay.com/signin/s">User</form></html>'
    ),
    "akamai access denied": (
        "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't "
        'have permission to access "http&#58;&#47;&#47;www&#46;ebay&#46;com" on this '
        "server.<P>Reference #18.5a</BODY></HTML>"
    ),
    "akamai reference": (
        "<html><head><title>Error</title></head><body>An error occurred. "
        "https://errors.edgesuite.net/18.2d351ab8.1700000000.a1b2</body></html>"
    ),
    "akamai interstitial": "<html><head></head><body><div id='sec-if-cpt-container'></div></body></html>",
    "akamai bm-verify": (
        "<html><head><meta http-equiv='refresh' content='5; URL=/?bm-verify=AAQAAA'></head></html>"
    ),
    "cloudflare just a moment": "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>",
    "cloudflare localised": (
        "<html><head><title>Nur einen Moment…</title></head><body><script>window._cf_chl_opt={cvI"
        "d:'3'}</script></body></html>"
    ),
    "cloudflare attention": (
        "<html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry, you have "
        "been blocked</body></html>"
    ),
    "cloudflare old check": (
        "<html><title>shop.example</title><form id='x' class='cf-browser-verification'></form></html>"
    ),
    "cloudflare block text": "<html><title>shop.example</title><body>Cloudflare Ray ID: 7f3</body></html>",
    "turnstile": "<html><title>shop.example</title><body><div class='cf-turnstile'></div></body></html>",
    "perimeterx": (
        "<html><head><title>Access to this page has been denied.</title></head><body></body></html>"
    ),
    "perimeterx press and hold": (
        "<html><body><div id='px-captcha'></div>Press &amp; Hold to confirm you are a human</body></html>"
    ),
    "datadome": (
        "<html><head><title>tcgplayer.com</title></head><body><script>var "
        "dd={'rt':'c'}</script><script src='https://ct.captcha-delivery.com/c.js'></script></body"
        "></html>"
    ),
    "imperva": (
        "<html><body><iframe src='/_Incapsula_Resource?SWUDNSAI=31'>Request unsuccessful. "
        "Incapsula incident ID: 1</iframe></body></html>"
    ),
    "imperva script only": (
        "<html><head><script src='/_Incapsula_Resource?SWJIYLWA=719d'></script></head><body></body></html>"
    ),
    "aws waf challenge": (
        "<html><head><script>window.awsWafCookieDomainList=[];window.gokuProps={};</script></head></html>"
    ),
    "aws waf human verification": "<html><head><title>Human Verification</title></head><body></body></html>",
    "kasada": (
        "<html><head></head><body><script src='/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39/ips"
        ".js'></script></body></html>"
    ),
    "google sorry": (
        "<html><title>https://www.google.com/search</title><body>Our systems have detected "
        "unusual traffic from your computer network.</body></html>"
    ),
    "google consent": (
        "<html><head><title>Before you continue to Google Search</title></head><body></body></html>"
    ),
    "consent form": (
        '<html><title>Shop</title><form action="https://consent.shop.example/save">Accept all</form></html>'
    ),
    "consent wall": (
        "<html><body class='consent-page'><h1>We value your privacy</h1><button>Accept "
        "all</button></body></html>"
    ),
    "cookies only": "<html><title>Shop</title><body>Please accept all cookies to continue.</body></html>",
    "recaptcha alone": (
        "<html><title>shop.example</title><body>One moment<div class='g-recaptcha' "
        "data-sitekey='x'></div><script src='https://www.google.com/recaptcha/api.js'></script></"
        "body></html>"
    ),
    "hcaptcha alone": (
        "<html><title>shop.example</title><form><div class='h-captcha'></div><button>OK</button><"
        "/form></html>"
    ),
    "login page": (
        "<html><head><title>Log in - Seller Portal</title></head><body><form><input "
        'name=\'u\'><input type="password" name="p"><button>Log in</button></form><p>Forgot your '
        "password?</p></body></html>"
    ),
    "login wall": "<html><title>Shop</title><body>Please sign in to continue. $3.99</body></html>",
    "anubis": (
        "<html><head><title>Making sure you're not a bot!</title></head><body><script "
        "id=\"anubis_challenge\" type='application/json'>{}</script></body></html>"
    ),
    "vercel checkpoint": "<html><head><title>Vercel Security Checkpoint</title></head><body></body></html>",
    "ddos-guard": (
        "<html><head><title>DDoS-Guard</title></head><body>Checking your browser before "
        "accessing</body></html>"
    ),
    "javascript and cookies": (
        "<html><title>shop.example</title><noscript>x</noscript><p>Enable JavaScript and cookies "
        "to continue</p></html>"
    ),
    "plain 403": (
        "<html><head><title>403 Forbidden</title></head><body><center><h1>403 "
        "Forbidden</h1></center></body></html>"
    ),
    "siteground": (
        "<html><head><meta http-equiv='refresh' content='0;/.well-known/sgcaptcha/?r=%2F'></head></html>"
    ),
}

_PAGES: Final = {
    "card called Access Denied": (
        "<html><head><title>Access Denied - Kamigawa: Neon Dynasty - "
        "Shop</title></head><body><h1>Access Denied</h1><p>Counter target "
        "spell.</p><b>$0.25</b></body></html>"
    ),
    "card called Interrogation": (
        "<html><title>Security Blockade | Shop</title><b>$0.10</b>Security check of the vault</html>"
    ),
    "captcha on a review form": (
        "<html><title>Booster Box</title><p>TEXT</p><form>Write a review<div "
        "class='g-recaptcha'></div></form><script src='https://www.google.com/recaptcha/api.js'><"
        "/script></html>"
    ),
    "login menu": (
        '<html><title>Booster Box | Shop</title><form>Log in<input type="password"></form><p>TEXT</p></html>'
    ),
    "small page with a login menu": (
        '<html><title>Booster Box | Shop</title><form><input type="password"></form><p>SOME</p></html>'
    ),
    "sign-in links": (
        "<html><title>Booster Box | eBay</title><a href='https://signin.ebay.com/ws/'>Sign "
        "in</a> to bid. US $99.00 Buy It Now</html>"
    ),
    "cookie banner": (
        "<html><title>Box</title><div id='cookie-banner'>We use cookies. Accept all. Before you "
        "continue reading, choose.</div><p>TEXT</p></html>"
    ),
    "cloudflare beacon": (
        "<html><title>Box</title><b>$99</b><script>window.__CF$cv$params={r:'1'};a.src='/cdn-cgi/"
        "challenge-platform/scripts/jsd/main.js'</script></html>"
    ),
    "incapsula beacon": (
        "<html><title>Box</title><p>TEXT</p><script src='/_Incapsula_Resource?SWJIYLWA=1'></script></html>"
    ),
    "javascript hint": (
        "<html><title>Box</title><noscript>Enable JavaScript and cookies to "
        "continue</noscript><p>TEXT</p></html>"
    ),
    "description about robots": (
        "<html><title>Are Robots Human? A book</title><p>Prove that you are not a robot. TEXT</p></html>"
    ),
    "large page that mentions all": (
        "<html><title>Results</title>MANYcaptcha px-captcha /errors/validateCaptcha pardon our "
        "interruption access denied</html>"
    ),
    "no results": "<html><title>Search | Shop</title><p>No exact matches found for your search.</p></html>",
    "tiny product": "<html><title>Lightning Bolt</title><span class='price'>$1.25</span></html>",
    "out of stock": (
        "<html><title>Box : Toys</title><div id='availability'>Currently unavailable.</div></html>"
    ),
    "just a moment inside": "<html><title>Box</title><p>Just a moment in time. $5</p></html>",
    "about blocking": "<html><title>Blockade Runner | Shop</title><p>Can't be blocked. $0.50</p></html>",
    "empty": "",
    "not a page": "<<<<>>>>",
}


def _filled(pages: Mapping[str, str]) -> dict[str, str]:
    found = dict(pages)
    for name, content in _CONTENT.items():
        found = {title: page.replace(name, content) for title, page in found.items()}
    return found


CHALLENGES: Final = _filled(_CHALLENGES)
PAGES: Final = _filled(_PAGES)
