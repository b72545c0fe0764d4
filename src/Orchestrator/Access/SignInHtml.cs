using System.Text;
using Microsoft.AspNetCore.Http;

namespace VerSemi.Orchestrator.Access;

internal static class SignInHtml
{
    private const string Style =
        """
        :root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
        body{max-width:26rem;margin:12vh auto;padding:0 1rem}
        label,input,button,.button{display:block;width:100%;box-sizing:border-box}
        input,button,.button{font:inherit;padding:.6rem;margin:.3rem 0 1rem;border-radius:.4rem;border:1px solid #767676}
        button,.button{background:#1f5fbf;color:#fff;border:0;text-align:center;text-decoration:none;cursor:pointer}
        .problem{border-left:.3rem solid #c62828;padding-left:.7rem}
        .hint{font-size:.9rem}
        """;

    /// <param name="body">HTML.</param>
    /// <param name="head">HTML.</param>
    public static IResult Of(string title, string body, string head = "", int status = StatusCodes.Status200OK) => Results.Content(
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{title} · VerSemi</title>{head}<style>{Style}</style></head>
        <body><main><h1>VerSemi</h1>
        {body}
        <p class="hint">For research use, not a medical device.</p></main></body>
        </html>
        """, "text/html; charset=utf-8", Encoding.UTF8, status);
}
