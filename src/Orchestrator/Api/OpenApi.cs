using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using VerSemi.Orchestrator.Access;

namespace VerSemi.Orchestrator.Api;

/// <summary>The API's description, made from its endpoints, and a page to browse it. Both are served by this process alone.</summary>
internal static class OpenApi
{
    public const string Document = "/openapi/v1.json", Reference = "/reference";
    private const string Problem = "Problem";

    /// <summary>Parameters that mean the same wherever they are.</summary>
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["limit"] = "How many, 1 to 1000; without it, all. The Link header of the answer names the next page",
        ["after"] = "The last item that is known already",
        ["line"] = "Of this model line alone",
        ["state"] = "In this state alone",
        ["version"] = "A dataset's version; without it, the newest",
        ["who"] = "Whose act it is, kept in the timeline",
        ["why"] = "The reason, kept in the timeline",
        ["task"] = "A task's id",
        ["modality"] = "The image's modality; needed where the model knows several",
        ["channel"] = "Of a 4-D image, counted from 0",
        ["split"] = "training, validation, test or unlabelled",
        ["schedule"] = "A schedule's name, or data: the data triggers",
        ["attempt"] = "Of this attempt; without it, the newest",
        ["Last-Event-ID"] = "The id of the last event that was seen: what happened since comes first",
    };

    public static IServiceCollection Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "VerSemi",
                Version = "v1",
                Description = "One segmentation model for a growing set of targets, kept in continuous training. For research use, not a medical device.",
            };
            // Where it happens to run is no part of what it is.
            document.Servers?.Clear();
            // The framework's are classes, and the host's name: each operation has the first part of its path instead.
            document.Tags = null;
            document.AddComponent(Problem, ProblemSchema());
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) => DescribeAsync(operation, context));
    });

    public static void Map(WebApplication app)
    {
        // The page starts by a script in itself. Nothing that anybody wrote is on it but the description of the API.
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Reference), page => page.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = SecureHeaders.ContentSecurityPolicy.Replace("script-src 'self'", "script-src 'self' 'unsafe-inline'", StringComparison.Ordinal);
            return next(context);
        }));
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapScalarApiReference(Reference, options =>
        {
            options.Title = "VerSemi API";
            // No request leaves the machine: the page's own script, the system's fonts.
            (options.DefaultFonts, options.Telemetry, options.ProxyUrl) = (false, false, null);
            options.DisableAgent();
            options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        });
    }

    /// <summary>For a handler's endpoint: its name in generated clients, and what it does.</summary>
    public static RouteHandlerBuilder Described(this RouteHandlerBuilder endpoint, string name, string summary) => endpoint.WithName(name).WithSummary(summary);

    /// <summary>The body is a file. Said in the description alone: whatever type a client sends it as, it is taken.</summary>
    public static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder endpoint, params string[] types) => endpoint.WithMetadata(new FileBody(types));

    private sealed record FileBody(IReadOnlyList<string> Types);

    private static OpenApiRequestBody BodyOf(FileBody file) => new()
    {
        Required = true,
        Content = file.Types.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
    };

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Tags = new HashSet<OpenApiTagReference> { new(TagOf(context.Description.RelativePath ?? ""), context.Document) };
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            parameter.Description ??= parameter.In == ParameterLocation.Path ? null : Meanings.GetValueOrDefault(parameter.Name ?? "");
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<FileBody>().FirstOrDefault() is { } file)
            operation.RequestBody = BodyOf(file);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "An error, as problem details (RFC 9457)",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, context.Document) } },
        };
        if (context.Description.HttpMethod == HttpMethods.Post)
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = Idempotency.Header,
                In = ParameterLocation.Header,
                Description = "Sent again with the same key, the request is carried out once and gets the first answer",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            });
        return Task.CompletedTask;
    }

    private static OpenApiSchema ProblemSchema()
    {
        var problem = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema>() };
        foreach (var member in (string[])["title", "detail"])
            problem.Properties[member] = new OpenApiSchema { Type = JsonSchemaType.String };
        problem.Properties["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer };
        problem.Properties["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. ProblemKind.All.Select(kind => (JsonNode)kind.Type)] };
        return problem;
    }

    /// <summary>"runs" of "api/v1/runs/{id}".</summary>
    private static string TagOf(string path) => path.Split('/').ElementAtOrDefault(2) ?? "";
}
