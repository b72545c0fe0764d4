using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>A page reads what the API answers with, in process. Each question has its own scope: a page lives long, a database context must not.</summary>
internal sealed class Questions(IServiceScopeFactory scopes)
{
    public async Task<T> AskAsync<T>(Func<IServiceProvider, Task<T>> question)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await question(scope.ServiceProvider);
    }
}
