using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using VerSemi.Orchestrator.Access;
using VerSemi.Platform.Doctor;

namespace VerSemi.Orchestrator.Api;

internal static class DoctorApi
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/doctor", async (IServiceProvider services, CancellationToken cancellation) =>
    {
        var findings = new List<FindingView>();
        await foreach (var finding in Examination.RunAsync(services, cancellation))
            findings.Add(new FindingView(finding.Check, finding.Found, finding.Mend));
        return findings;
    }).NeedsRole(Role.Operator).Described("examine", "Looks at everything that the orchestrator needs, and says how to mend what is wrong");
}
