namespace VerSemi.TestKit;

/// <summary>A running program of the product: a process, or a container. Disposing kills it.</summary>
public interface IProgram : IAsyncDisposable
{
    /// <summary>Of the process that this test started.</summary>
    int Id { get; }
    bool HasExited { get; }
    string Output { get; }
    string Errors { get; }

    /// <summary>Until it ends; its exit code.</summary>
    Task<int> WaitAsync(CancellationToken cancellation = default);

    /// <summary>SIGKILL: the program gets no chance to do anything.</summary>
    Task KillAsync();

    /// <param name="signal">"INT", "TERM", "STOP" or "CONT".</param>
    Task SignalAsync(string signal);
}

/// <summary>Starts a project's program.</summary>
public delegate IProgram ProgramStart(string project, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment);
