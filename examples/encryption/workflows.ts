export * from 'temporal-document-jobs/workflows';
