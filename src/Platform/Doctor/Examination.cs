using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace VerSemi.Platform.Doctor;

/// <summary>All checks of a process, one after the other: each says what it found, and none keeps the next from looking.</summary>
public static class Examination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Once, however many parts of a process need it.</summary>
    public static IServiceCollection AddCheck<TCheck>(this IServiceCollection services) where TCheck : class, ICheck
    {
        services.TryAddEnumerable(ServiceDescriptor.Scoped<ICheck, TCheck>());
        return services;
    }

    /// <returns>Findings, as they come.</returns>
    public static async IAsyncEnumerable<Finding> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var scope = services.CreateAsyncScope();
        foreach (var check in scope.ServiceProvider.GetServices<ICheck>())
            foreach (var finding in await LookAsync(check, cancellation))
                yield return finding;
    }

    /// <summary>For people, with the process's exit code: 0 where all is well, else 1.</summary>
    public static async Task<int> PrintAsync(IServiceProvider services)
    {
        services.GetService<IStartupValidator>()?.Validate();
        var wrong = 0;
        await foreach (var finding in RunAsync(services))
        {
            wrong += finding.IsWell ? 0 : 1;
            Console.WriteLine($"{(finding.IsWell ? "ok   " : "WRONG")} {finding.Check}: {finding.Found}");
            if (!finding.IsWell)
                Console.WriteLine($"      mend: {finding.Mend}");
        }
        Console.WriteLine(wrong == 0 ? "All is well." : $"{wrong} things are wrong.");
        return wrong == 0 ? 0 : 1;
    }

    private static async Task<List<Finding>> LookAsync(ICheck check, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        try
        {
            await foreach (var finding in check.LookAsync(late.Token).WithCancellation(late.Token))
                findings.Add(finding);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            findings.Add(new Finding(check.Name, $"no answer within {Patience.TotalSeconds:0} s", check.Mend));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            findings.Add(new Finding(check.Name, Words(e), check.Mend));
        }
        return findings;
    }

    /// <summary>What failed, and at bottom why.</summary>
    private static string Words(Exception e) => e.GetBaseException() is { } cause && !e.Message.Contains(cause.Message, StringComparison.Ordinal) ? $"{e.Message} ({cause.Message})" : e.Message;
}
