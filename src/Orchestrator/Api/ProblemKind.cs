using Microsoft.AspNetCore.Http;

namespace VerSemi.Orchestrator.Api;

/// <summary>One of the errors that the API answers with (RFC 9457): the type stays the same, the detail says what it is this time.</summary>
/// <param name="Name">The last part of the type, e.g. "unknown-name" of "/problems/unknown-name".</param>
/// <param name="Meaning">For people, with the next step.</param>
public sealed record ProblemKind(string Name, int Status, string Title, string Meaning)
{
    public const string Root = "/problems";

    public string Type => $"{Root}/{Name}";

    public static ProblemKind InvalidRequest { get; } = new("invalid-request", 400, "The request is faulty", "A value is missing or not possible; the detail names it and what is. Mend it and send it anew.");
    public static ProblemKind ForeignHost { get; } = new("foreign-host", 400, "This name is not the platform's", "The Host header names another server. Use the address that the platform prints, or add the name to Access:Hosts.");
    public static ProblemKind TokenInAddress { get; } = new("token-in-address", 400, "An address is no place for a token", "Addresses are logged and remembered. Send the token in the Authorization header, and revoke this one.");
    public static ProblemKind Unauthenticated { get; } = new("unauthenticated", 401, "Nobody is signed in", "The request carries no credential, or one that is not valid (any more). Sign in, or send a valid token in the Authorization header.");
    public static ProblemKind Forbidden { get; } = new("forbidden", 403, "Not allowed", "Whoever asks is known, but may not do this. Ask someone with the role that the detail names.");
    public static ProblemKind CrossSite { get; } = new("cross-site", 403, "Another site's page may not act here", "A browser sent this for a page of another origin. Open the platform's own pages, or use an access token without a browser.");
    public static ProblemKind Forwarded { get; } = new("forwarded", 403, "A forwarded request needs authentication", "The platform is open, for its own machine alone, and the request came by a proxy. Set up authentication, or name the proxy in Access:Proxies.");
    public static ProblemKind UnknownName { get; } = new("unknown-name", 404, "There is nothing of that name", "The detail says where the names stand that there are.");
    public static ProblemKind NoSuchAddress { get; } = new("no-such-address", 404, "There is no such address", "No part of the API answers here. /openapi/v1.json lists every address.");
    public static ProblemKind MethodNotAllowed { get; } = new("method-not-allowed", 405, "The address does not take this method", "The Allow header names those that it takes.");
    public static ProblemKind NotAcceptable { get; } = new("not-acceptable", 406, "No such representation", "The Accept header excludes all that there is.");
    public static ProblemKind Conflict { get; } = new("conflict", 409, "The state forbids it", "What was asked for is not possible as things are now; the detail says why. Look at the state, decide again.");
    public static ProblemKind InProgress { get; } = new("request-in-progress", 409, "The same request is under way", "A request with this Idempotency-Key has no answer yet. Send it again in a while: it gets the first one's answer.");
    public static ProblemKind Withdrawn { get; } = new("withdrawn", 410, "It was withdrawn", "Its data were erased for good by the withdrawal that the detail names.");
    public static ProblemKind TooLarge { get; } = new("too-large", 413, "The request is too large", "The detail names the limit and its setting.");
    public static ProblemKind QuotaExceeded { get; } = new("quota-exceeded", 413, "No room is left for the upload", "The detail names the quota, its setting and what is used.");
    public static ProblemKind UnsupportedMediaType { get; } = new("unsupported-media-type", 415, "The body's type is not understood", "Send JSON with Content-Type: application/json, or what the address takes by /openapi/v1.json.");
    public static ProblemKind KeyReused { get; } = new("idempotency-key-reused", 422, "The Idempotency-Key belongs to another request", "A key stands for one request. Use a new key for a new request.");
    public static ProblemKind TooMany { get; } = new("too-many-requests", 429, "Too much at once", "Ask again in a while; a Retry-After header says when.");
    public static ProblemKind Defect { get; } = new("defect", 500, "A defect", "It is not your fault. The log has the rest, by the trace that the detail names.");
    public static ProblemKind Damaged { get; } = new("damaged-content", 500, "The stored content is damaged", "A blob differs from its recorded hash and was not used; the detail names it. Restore it from a backup (docs/runbooks/damaged-content.md).");
    public static ProblemKind Unavailable { get; } = new("unavailable", 503, "Not at the moment", "The database, the broker, the storage or the workflow does not answer, or all streams are taken. Ask again in a while.");
    public static ProblemKind Other { get; } = new("other", 0, "The request was not carried out", "The status says what is known.");

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        InvalidRequest, ForeignHost, TokenInAddress, Unauthenticated, Forbidden, CrossSite, Forwarded, UnknownName, NoSuchAddress, MethodNotAllowed, NotAcceptable, Conflict, InProgress, Withdrawn, TooLarge, QuotaExceeded,
        UnsupportedMediaType, KeyReused, TooMany, Defect, Damaged, Unavailable, Other,
    ];

    /// <summary>Of an answer that the framework gave by itself.</summary>
    public static ProblemKind OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => NoSuchAddress,
        >= 500 and not (StatusCodes.Status500InternalServerError or StatusCodes.Status503ServiceUnavailable) => Other,
        _ => All.FirstOrDefault(kind => kind.Status == status) ?? Other,
    };

    public IResult Answer(string detail, int? status = null) => Results.Problem(detail, statusCode: status ?? Status, title: Title, type: Type);
}
