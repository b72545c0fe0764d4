using System.Security.Cryptography;
using System.Text;

namespace VerSemi.Orchestrator.Workflow;

internal static class SagaIds
{
    /// <summary>The engine's key of a cycle or run: a function of its name, so that a repeated start finds the first.</summary>
    public static Guid Of(string id) => new(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16));
}
