using System.Net.Sockets;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace VerSemi.Platform.Blobs.AzureStorage;

/// <summary>The container and the way in. Every request goes through <see cref="CallAsync{T}"/>: Azure's errors become the store's.</summary>
internal sealed class AzureContainer
{
    private readonly BlobContainerClient _client;
    private readonly TokenCredential? _identity;
    private readonly TimeProvider _clock;
    private volatile bool _exists;

    public AzureContainer(BlobOptions options, TimeProvider clock)
    {
        _clock = clock;
        _identity = options.ServiceUri.Length > 0 ? IdentityOf(options) : null;
        _client = ClientOf(options, _identity);
        _exists = !(options.CreateContainer ?? options.ConnectionString.Length > 0);
    }

    /// <summary>Without what may be secret in it.</summary>
    public string Address => _client.Uri.GetLeftPart(UriPartial.Path);

    public BlobContainerClient Client => _client;

    public BlockBlobClient Blob(string path) => _client.GetBlockBlobClient(path);

    /// <summary>The address and, for an identity, the token by which the service itself may read a blob.</summary>
    public async Task<(Uri Address, string? Token)> SourceAsync(string path, CancellationToken cancellation)
    {
        var blob = Blob(path);
        if (_identity is not null)
            return (blob.Uri, (await _identity.GetTokenAsync(new TokenRequestContext(["https://storage.azure.com/.default"]), cancellation)).Token);
        return (blob.CanGenerateSasUri ? blob.GenerateSasUri(Azure.Storage.Sas.BlobSasPermissions.Read, _clock.GetUtcNow().AddHours(1)) : blob.Uri, null);
    }

    /// <param name="path">What the request is about; a prefix for a listing.</param>
    public async Task<T> CallAsync<T>(string path, AzureRight right, Func<Task<T>> request, CancellationToken cancellation)
    {
        try
        {
            if (!_exists)
            {
                await _client.CreateIfNotExistsAsync(cancellationToken: cancellation);
                _exists = true;
            }
            return await request();
        }
        catch (Exception e) when (AzureErrors.Translate(e, Address, path, right, cancellation) is { } known)
        {
            throw known;
        }
    }

    private static BlobContainerClient ClientOf(BlobOptions options, TokenCredential? identity)
    {
        var client = ClientOptions(options);
        if (identity is not null)
            return new BlobContainerClient(new BlobUriBuilder(new Uri(options.ServiceUri)) { BlobContainerName = options.Container }.ToUri(), identity, client);
        return options.SasUri.Length > 0
            ? new BlobContainerClient(new Uri(options.SasUri), client)
            : new BlobContainerClient(options.ConnectionString, options.Container, client);
    }

    private static DefaultAzureCredential IdentityOf(BlobOptions options)
    {
        var identity = new DefaultAzureCredentialOptions();
        if (options.ManagedIdentityClientId.Length > 0)
            identity.ManagedIdentityClientId = identity.WorkloadIdentityClientId = options.ManagedIdentityClientId;
        return new DefaultAzureCredential(identity);
    }

    private static BlobClientOptions ClientOptions(BlobOptions options)
    {
        // The default transport waits for a machine that is gone as long as the kernel does: minutes.
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        var client = new BlobClientOptions { Transport = new HttpClientTransport(new HttpClient(new ResetHandler(handler)) { Timeout = Timeout.InfiniteTimeSpan }) };
        client.Retry.MaxRetries = options.Retries;
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.Delay = options.RetryDelay;
        client.Retry.MaxDelay = TimeSpan.FromSeconds(Math.Max(5, options.RetryDelay.TotalSeconds));
        client.Retry.NetworkTimeout = options.NetworkTimeout;
        return client;
    }

    /// <summary>
    /// A connection that is reset as soon as it is made leaves .NET's client as a bare <see cref="SocketException"/>,
    /// which Azure's client takes for a fault of the program and does not try again.
    /// </summary>
    private sealed class ResetHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (SocketException e)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
            }
        }
    }
}
