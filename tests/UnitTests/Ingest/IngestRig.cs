using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Ingest;
using VerSemi.Ingest.Commit;
using VerSemi.Ingest.Drops;
using VerSemi.Ingest.Sweep;
using VerSemi.Ingest.Withdrawal;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Ingest as it is wired, on a folder; its bus only writes down what was sent.</summary>
internal sealed class IngestRig : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;

    /// <param name="around">Puts something between Ingest and the store, e.g. what fails.</param>
    public IngestRig(Func<IBlobStore, IBlobStore>? around = null, Action<IngestOptions>? configure = null, TimeProvider? time = null, string? data = null)
    {
        Data = data ?? _folder["data"];
        Store = new FolderBlobStore(Data);
        var services = new ServiceCollection().AddLogging(log => log.AddProvider(Log))
            .AddSingleton(around?.Invoke(Store) ?? Store).AddSingleton(time ?? TimeProvider.System).AddSingleton<IMessageBus>(Bus);
        services.AddIngest(options =>
        {
            options.WorkFolder = _folder["work"];
            configure?.Invoke(options);
        });
        _services = services.BuildServiceProvider();
    }

    /// <summary>All that this process writes, the work folder included.</summary>
    public string Folder => _folder.Path;
    public string Data { get; }
    public FolderBlobStore Store { get; }
    public RecordingBus Bus { get; } = new();
    public CollectingLog Log { get; } = new();
    public IngestSweep Sweep => _services.GetRequiredService<IngestSweep>();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string DropPath(string drop) => Path.Combine(Data, "incoming", drop);

    /// <summary>Rings for the drop as it stands now; the report, or null where none was written.</summary>
    public async Task<IngestReport?> IngestAsync(string drop)
    {
        var files = await DropFiles.ListAsync(Store, drop, Stop);
        await HandleAsync(new IngestDrop(drop, files.Fingerprint));
        return (await Store.TryReadJsonAsync<IngestReport>(BlobLayout.DropReport(drop), DomainJson.Readable, Stop))?.Value;
    }

    public Task HandleAsync(IngestDrop message) => _services.GetRequiredService<IngestDropHandler>().HandleAsync(message, Stop);

    /// <summary>The record; null where the withdrawal was not finished.</summary>
    public async Task<WithdrawalRecord?> WithdrawAsync(WithdrawCases message)
    {
        await _services.GetRequiredService<WithdrawCasesHandler>().HandleAsync(message, Stop);
        return (await Store.TryReadJsonAsync<WithdrawalRecord>(BlobLayout.Withdrawal(message.Withdrawal), DomainJson.Readable, Stop))?.Value;
    }

    /// <summary>What a process does at its start.</summary>
    public Task ResumeAsync() => _services.GetRequiredService<WithdrawCasesHandler>().ResumeAsync(Stop);

    public Task RestoreAsync(params string[] datasets) => _services.GetRequiredService<DatasetRestorer>().RestoreAsync(datasets, Stop);

    public async Task AssertNoOpenWithdrawalAsync() => Assert.False(await WithdrawCasesHandler.AnyOpenAsync(Store, Stop));

    public async Task<DatasetHead?> HeadAsync(string dataset) =>
        (await Store.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(dataset), DomainJson.Readable, Stop))?.Value;

    public async Task<DatasetManifest> ManifestAsync(string dataset)
    {
        var head = await HeadAsync(dataset);
        Assert.NotNull(head);
        return await Store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, head.Version), DomainJson.Readable, Stop);
    }

    /// <summary>Content of everything below datasets/, by path.</summary>
    public SortedDictionary<string, string> Datasets()
    {
        var folder = Path.Combine(Data, "datasets");
        var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [];
        return new(files.ToDictionary(file => Path.GetRelativePath(folder, file), file => ContentHash.Of(File.ReadAllBytes(file).AsSpan())), StringComparer.Ordinal);
    }

    /// <summary>Every voxel file and picture is of a case of the manifest and the other way round; nothing unfinished lies about.</summary>
    public async Task AssertNothingHalfWrittenAsync(string dataset)
    {
        var manifest = await ManifestAsync(dataset);
        var named = manifest.Cases.SelectMany(c => c.Label is null ? [c.Image] : new[] { c.Image, c.Label }).Distinct().Select(hash => BlobLayout.Voxels(dataset, hash));
        var pictures = manifest.Cases.Select(entry => BlobLayout.Thumbnails(dataset, entry.Image)).Distinct();
        var expected = named.Concat(pictures).Append(BlobLayout.DatasetHead(dataset)).Append(BlobLayout.DatasetManifest(dataset, manifest.Version)).Append(BlobLayout.DatasetCommit(dataset, (await HeadAsync(dataset))!.Generation));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Datasets().Select(file => NameOf("datasets/" + file.Key, file.Value)).Order(StringComparer.Ordinal));
        AssertNoTemporaryFiles();
    }

    /// <summary>A picture's folder alone, once its name is its hash: what the hash is, a drawing decides.</summary>
    private static string NameOf(string path, string hash) => path.EndsWith($"/{hash}.png", StringComparison.Ordinal) ? path[..(path.LastIndexOf('/') + 1)] : path;

    public void AssertNoTemporaryFiles()
    {
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Data, ".store"), "*.part"));
        var work = _folder["work"];
        Assert.Empty(Directory.Exists(work) ? Directory.EnumerateFiles(work, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)) : []);
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }
}

internal sealed class RecordingBus : IMessageBus
{
    public List<(string Queue, object Message)> Sent { get; } = [];

    public Task SendAsync<T>(string queue, T message, TimeSpan? timeToLive = null, CancellationToken cancellation = default) where T : class
    {
        lock (Sent)
            Sent.Add((queue, message));
        return Task.CompletedTask;
    }

    public Task<TAnswer> AskAsync<TRequest, TAnswer>(string queue, TRequest request, TimeSpan timeout, CancellationToken cancellation = default)
        where TRequest : class where TAnswer : class => throw new NotSupportedException("Ingest asks nobody.");
}

internal sealed class CollectingLog : ILoggerProvider, ILogger
{
    public List<string> Errors { get; } = [];

    /// <summary>Of every level.</summary>
    public List<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Add($"{formatter(state, exception)} {exception}");
        if (logLevel >= LogLevel.Error)
            Errors.Add(formatter(state, exception));
    }

    public void Dispose() { }
}
