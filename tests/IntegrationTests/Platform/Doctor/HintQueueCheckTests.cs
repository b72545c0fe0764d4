using Azure.Storage.Queues;
using Azure.Storage.Sas;
using VerSemi.IntegrationTests.Platform.Blobs;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Doctor;
using VerSemi.Platform.Hints;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.Doctor;

public sealed class HintQueueCheckTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly string _name = $"doctor-{Guid.NewGuid():N}";
    private AzuriteServer _server = null!;
    private QueueClient _queue = null!, _poison = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await azurite.ServerAsync();
        (_queue, _poison) = (new QueueClient(_server.ConnectionString, _name), new QueueClient(_server.ConnectionString, $"{_name}-poison"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_queue_that_can_be_read_is_well_and_its_messages_stay_as_they_were()
    {
        await _queue.CreateAsync(cancellationToken: Stop);
        await _queue.SendMessageAsync("a hint", Stop);
        var findings = await LookAsync(_server.ConnectionString);
        Assert.True(findings.Of($"event queue {_name}").IsWell);
        Assert.True(findings.Of($"event queue {_name}-poison").IsWell);
        Assert.Equal(1, (await _queue.ReceiveMessageAsync(cancellationToken: Stop)).Value.DequeueCount);
        Assert.False(await _poison.ExistsAsync(Stop));
    }

    [Fact]
    public async Task A_queue_that_is_missing_is_named_and_not_made()
    {
        (await LookAsync(_server.ConnectionString)).Of($"event queue {_name}").IsWrong("is not there", "Event Grid");
        Assert.False(await _queue.ExistsAsync(Stop));
    }

    [Fact]
    public async Task Messages_that_nobody_could_handle_are_told()
    {
        await _queue.CreateAsync(cancellationToken: Stop);
        await _poison.CreateAsync(cancellationToken: Stop);
        await _poison.SendMessageAsync("all Greek", Stop);
        (await LookAsync(_server.ConnectionString)).Of($"event queue {_name}-poison").IsWrong("could not be handled", "The log says why");
    }

    [Fact]
    public async Task A_right_to_read_it_that_is_missing_is_named()
    {
        await _queue.CreateAsync(cancellationToken: Stop);
        var addOnly = new QueueServiceClient(_server.ConnectionString)
            .GenerateAccountSasUri(AccountSasPermissions.Add, TimeProvider.System.GetUtcNow().AddHours(1), AccountSasResourceTypes.All).Query.TrimStart('?');
        (await LookAsync($"QueueEndpoint={_queue.Uri.GetLeftPart(UriPartial.Authority)}/{_queue.AccountName};SharedAccessSignature={addOnly}"))
            .Of($"event queue {_name}").IsWrong("no right to read it (403", "Storage Queue Data Message Processor");
    }

    [Fact]
    public async Task An_account_that_does_not_answer_is_named() =>
        (await LookAsync(_server.ConnectionString.Replace($":{_server.QueuePort}/", $":{TestServers.FreePort()}/", StringComparison.Ordinal))).Of($"event queue {_name}").IsWrong("", "Is the storage account reached");

    private Task<IReadOnlyList<Finding>> LookAsync(string account) => Patient.OnBlobsAsync(new BlobOptions { Folder = _folder["blobs"] }, services =>
        services.AddHintQueue<Nobody>(new HintQueueOptions { QueueName = _name, ConnectionString = account }));

    private sealed class Nobody : IHintHandler
    {
        public Task HandleAsync(string body, CancellationToken cancellation) => throw new InvalidOperationException("The doctor takes no message.");
    }
}
