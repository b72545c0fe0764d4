using Microsoft.AspNetCore.Http;

namespace VerSemi.Orchestrator.Access;

/// <summary>What the guards answer, as problem details (RFC 9457).</summary>
internal static class Refusals
{
    public const string NotSignedIn = "/problems/unauthenticated";
    public const string RoleNeeded = "/problems/forbidden";
    public const string ForeignHost = "/problems/foreign-host";
    public const string CrossSite = "/problems/cross-site";
    public const string TokenInAddress = "/problems/token-in-address";
    public const string TooManyRequests = "/problems/too-many-requests";

    public static Task AnswerAsync(HttpContext context, int status, string type, string detail) =>
        Results.Problem(detail, statusCode: status, type: type).ExecuteAsync(context);
}
