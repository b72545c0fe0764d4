using System.Runtime.CompilerServices;
using Azure;
using VerSemi.Platform.Hints;

namespace VerSemi.Platform.Doctor;

/// <summary>
/// The queue that tells of new data, and the one for what nobody could handle. Messages are only looked at: the roles
/// that let a service take and add them know no other way to ask.
/// </summary>
internal sealed class HintQueueCheck(HintQueueOptions options) : ICheck
{
    private readonly HintQueue _queue = new(options);

    public string Name => $"event queue {options.QueueName}";

    public string Mend => "Is the storage account reached from here (network rules, private endpoint)? Are the settings Hints:… right?";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await LookAtAsync(cancellation);
        yield return await LookAtPoisonAsync(cancellation);
    }

    private async Task<Finding> LookAtAsync(CancellationToken cancellation)
    {
        try
        {
            await _queue.AnyAsync(cancellation);
            return new Finding(Name, "can be read");
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return new Finding(Name, "is not there", "Make it, and let Event Grid send the container's events to it (docs/howto/distributed.md, \"New data\"). Until then only the sweep finds new data, later.");
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            return new Finding(Name, $"no right to read it ({e.Status} {e.ErrorCode})", "Give this service's identity the role 'Storage Queue Data Message Processor' on the queue, or check the account key.");
        }
    }

    private async Task<Finding> LookAtPoisonAsync(CancellationToken cancellation)
    {
        var name = $"event queue {options.Poison}";
        try
        {
            return await _queue.AnyPoisonAsync(cancellation)
                ? new Finding(name, "holds messages that could not be handled", $"The log says why (\"was put into {options.Poison}\"). Look at them, mend the cause, and delete them: the sweep has found the data by now.")
                : new Finding(name, "is empty");
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return new Finding(name, "is made when it is needed");
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            // All that the service needs there is the role to add.
            return new Finding(name, "cannot be looked into by this service");
        }
    }
}
