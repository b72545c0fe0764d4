using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace VerSemi.Orchestrator.Api;

/// <summary>The API's description, made from its endpoints, and a page to browse it. Both are served by this process alone.</summary>
internal static class OpenApi
{
    public const string Document = "/openapi/v1.json", Reference = "/reference";

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
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) => DescribeAsync(operation, context));
    });

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapScalarApiReference(Reference, options =>
        {
            options.Title = "VerSemi API";
            // No request leaves the machine: the page's own script, the system's fonts.
            (options.DefaultFonts, options.Telemetry, options.ProxyUrl) = (false, false, null);
            options.DisableAgent();
        });
    }

    /// <summary>For a handler's endpoint: its name in generated clients, and what it does.</summary>
    public static RouteHandlerBuilder Described(this RouteHandlerBuilder endpoint, string name, string summary) => endpoint.WithName(name).WithSummary(summary);

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Tags = new HashSet<OpenApiTagReference> { new(TagOf(context.Description.RelativePath ?? ""), context.Document) };
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "An error, as problem details (RFC 9457)",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = ProblemSchema() } },
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
