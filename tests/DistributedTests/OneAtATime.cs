// Each test is a dozen processes.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
